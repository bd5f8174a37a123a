// The link on the terminal carries the token behind the "#", which never reaches a server's log.
function take() {
  const token = decodeURIComponent(location.hash.slice(1));
  if (!token) return;
  history.replaceState(null, "", location.pathname + location.search);
  document.getElementById("token").value = token;
  document.querySelector(".sign").requestSubmit();
}

take();
addEventListener("hashchange", take); // another link, opened where this page is
