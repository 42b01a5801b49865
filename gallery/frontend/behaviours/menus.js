import { menu } from "./menu.js"
import { theme } from "./theme.js"

/** All menus of a page, and the choices in them. */
export function menus() {
  document.querySelectorAll("[data-menu]").forEach(menu)
  document.querySelectorAll("[data-theme-choice]").forEach(theme)
}
