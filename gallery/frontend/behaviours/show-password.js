/** Show and hide what is typed in the password field named by aria-controls. */
export function showPassword(button) {
  const field = document.getElementById(button.getAttribute("aria-controls"))
  button.hidden = false
  button.addEventListener("click", () => {
    const isShown = field.type === "text"
    field.type = isShown ? "password" : "text"
    button.setAttribute("aria-pressed", String(!isShown))
  })
  // A browser offers to keep a password only from a field of that type.
  field.form.addEventListener("submit", () => (field.type = "password"))
}
