const YEAR = 31536000

/** Follow the system, or be light or dark; the cookie lets the server draw the next page the same. */
export function theme(button) {
  button.addEventListener("click", () => {
    const choice = button.dataset.themeChoice
    document.cookie = `theme=${choice};path=/;max-age=${choice ? YEAR : 0};samesite=lax`
    if (choice) document.documentElement.dataset.theme = choice
    else delete document.documentElement.dataset.theme
    for (const other of button.parentElement.children) {
      other.setAttribute("aria-pressed", String(other === button))
    }
  })
}
