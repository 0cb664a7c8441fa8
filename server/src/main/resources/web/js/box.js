// A photo is sent as soon as it was taken: nobody presses twice with one hand. Without this the
// button beside it does the same.
document.querySelectorAll("form:has([data-sends]) button").forEach((button) => {
  button.hidden = true;
});

document.addEventListener("change", (event) => {
  const input = event.target.closest("[data-sends]");
  if (!input || !input.files.length) {
    return;
  }
  const form = input.form;
  const status = form.querySelector("[data-sending]");
  status.textContent = status.dataset.sending;
  form.querySelectorAll("label.btn").forEach((each) => each.setAttribute("aria-disabled", "true"));
  form.requestSubmit();
});

// Whoever comes back by the browser's own way finds the form as it is now.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) {
    location.reload();
  }
});
