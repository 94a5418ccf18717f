// <form data-filters>: empty fields stay out of the address; data-filters="auto" submits on a choice.
document.querySelectorAll("form[data-filters]").forEach((form) => {
  form.addEventListener("formdata", (event) => {
    for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
  });
  if (form.dataset.filters === "auto") {
    form.addEventListener("change", (event) => {
      if (event.target.matches("select, [type=radio], [type=checkbox], [type=date]")) form.requestSubmit();
    });
  }
});
