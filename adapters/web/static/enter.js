// The link carries its token behind the "#". It is spent by "Continue" and by nothing else.
const token = decodeURIComponent(location.hash.slice(1));
const field = document.getElementById("token");
if (token && field) {
  history.replaceState(null, "", location.pathname);
  field.value = token;
}
