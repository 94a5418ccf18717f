// Sign-ins of the demo: <button data-login data-password> fills the form of the page and sends it.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-login]");
  const form = button && document.querySelector("form[data-sign-in]");
  if (!form) return;
  form.elements.login.value = button.dataset.login;
  form.elements.password.value = button.dataset.password;
  form.requestSubmit();
});
