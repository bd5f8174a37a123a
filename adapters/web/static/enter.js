// The link carries its token behind the "#". It is spent by "Continue" and by nothing else.
const token = decodeURIComponent(location.hash.slice(1));
if (token) {
  history.replaceState(null, "", location.pathname);
  document.getElementById("token").value = token;
}
