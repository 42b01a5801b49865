const YEAR = 31536000

/** Switch single keys off and on; the cookie lets the server say it on the next page. */
export function singleKeys(box) {
  box.addEventListener("change", () => {
    document.cookie = `keys=off;path=/;max-age=${box.checked ? 0 : YEAR};samesite=lax`
    document.documentElement.dataset.keys = box.checked ? "on" : "off"
  })
}
