const SECONDS = 2

/**
 * Look at this page again until nothing on it is still being made.
 *
 * Its attribute says after how many seconds, if not after two. Only parts whose state or words have changed are replaced, so focus and pictures stay where they are.
 */
export async function refresh(element) {
  const { href } = location // the viewer has addresses of its own
  const id = element.getAttribute("id") // a form's own id would be its ticks of that name
  while (element.hasAttribute("data-refresh")) {
    await new Promise((resolve) => setTimeout(resolve, 1000 * (element.dataset.refresh || SECONDS)))
    if (document.hidden) continue
    const fresh = await fetchAgain(href, id)
    if (fresh === "offline") continue
    if (!fresh) return // signed out, or gone
    element.querySelectorAll("[data-part]").forEach((part) => replaceIfChanged(part, fresh))
    element.dispatchEvent(new CustomEvent("refreshed"))
    element.toggleAttribute("data-refresh", fresh.hasAttribute("data-refresh"))
  }
}

async function fetchAgain(href, id) {
  try {
    const answer = await fetch(href)
    const page = new DOMParser().parseFromString(await answer.text(), "text/html")
    return answer.ok ? page.getElementById(id) : null
  } catch {
    return "offline"
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
