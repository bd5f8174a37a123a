// The link carries its token behind the "#". It is spent by "Continue" and by nothing else.
function take() {
  const token = decodeURIComponent(location.hash.slice(1));
  if (!token) return;
  const field = document.getElementById("token");
  if (!field) return location.reload(); // an older link was refused here
  history.replaceState(null, "", location.pathname);
  field.value = token;
}

take();
addEventListener("hashchange", take);
