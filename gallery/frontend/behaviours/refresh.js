const SECONDS = 2

/**
 * Look at a page again and again, until nothing on it is still being made.
 *
 * Its attribute says every how many seconds, if not every two. Only parts whose state or words have changed are replaced, so focus and pictures stay where they are.
 */
export async function refresh(element, href) {
  const id = element.getAttribute("id") // a form's own id would be its ticks of that name
  while (element.hasAttribute("data-refresh")) {
    const fresh = document.hidden ? "later" : await fetchAgain(href, id)
    if (!fresh) return // signed out, or gone
    if (fresh !== "later") renew(element, fresh)
    await new Promise((resolve) => setTimeout(resolve, 1000 * (element.dataset.refresh || SECONDS)))
  }
}

function renew(element, fresh) {
  element.querySelectorAll("[data-part]").forEach((part) => replaceIfChanged(part, fresh))
  element.dispatchEvent(new CustomEvent("refreshed"))
  element.toggleAttribute("data-refresh", fresh.hasAttribute("data-refresh"))
}

async function fetchAgain(href, id) {
  try {
    const answer = await fetch(href)
    const page = new DOMParser().parseFromString(await answer.text(), "text/html")
    return answer.ok ? page.getElementById(id) : null
  } catch {
    return "later" // offline
  }
}

function replaceIfChanged(part, fresh) {
  const name = CSS.escape(part.dataset.part)
  // A photo is a part while its previews are being made.
  const counterpart = fresh.querySelector(`[data-part="${name}"], [data-id="${name}"]`)
  if (!counterpart) return
  const isSame = counterpart.dataset.state === part.dataset.state && counterpart.textContent === part.textContent
  if (isSame) return
  // A tick that somebody has set meanwhile stays.
  if (part.querySelector(".tick :checked")) counterpart.querySelector(".tick input").checked = true
  part.replaceWith(counterpart)
}
