// <body data-idle-seconds data-ping-url>: warns two minutes before the session ends and lets the person stay.
const WARN_BEFORE = 120;
const template = document.getElementById("idle-warning");
const { idleSeconds, pingUrl } = document.body.dataset;
let heard = Date.now();
let warning = null;

const stay = async () => {
  const response = await fetch(pingUrl, { credentials: "same-origin" });
  if (!response.ok || response.redirected) {
    window.location.reload();
    return;
  }
  heard = Date.now();
  warning.remove();
  warning = null;
};

const check = () => {
  if (warning || (Date.now() - heard) / 1000 < Number(idleSeconds) - WARN_BEFORE) return;
  warning = template.content.firstElementChild.cloneNode(true);
  document.body.append(warning);
  const button = warning.querySelector("[data-stay]");
  button.addEventListener("click", stay);
  button.focus();
};

if (idleSeconds && template) {
  for (const name of ["htmx:afterRequest", "draft:saved"]) {
    document.addEventListener(name, () => { heard = Date.now(); });
  }
  document.addEventListener("visibilitychange", check);
  setInterval(check, 5000);
}
