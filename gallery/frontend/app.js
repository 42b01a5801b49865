// Every page works as plain HTML; each of these makes one part of it immediate.
import { arrivals } from "./behaviours/arrivals.js"
import { fadeIn } from "./behaviours/fade-in.js"
import { keys } from "./behaviours/keys.js"
import { offline } from "./behaviours/offline.js"
import { pick } from "./behaviours/pick.js"
import { load, take, uploads } from "./behaviours/uploads.js"
import { viewer } from "./behaviours/viewer.js"
import { each, tell } from "./each.js"
import { near } from "./near.js"

fadeIn()
keys()
viewer()
// Each of these is on few pages, or waits for the rest of the list: the first view does without.
// What one of them needs of this file it is given: what two scripts share would be a third to fetch.
each("[data-arrange]", async (form) => (await import("./behaviours/arrange.js")).arrange(form))
each("[data-copy]", async (button) => (await import("./behaviours/copy.js")).copy(button))
each("[data-give]", async (form) => (await import("./behaviours/give.js")).give(form))
each("[data-grid]", async (root) => (await import("./behaviours/grid.js")).grid(root, { near }))
each("[data-passkey]", async (button) => (await import("./behaviours/passkey.js")).passkey(button))
each("[data-player], .stage-photo[data-refresh]", async () => (await import("./behaviours/player.js")).player())
each("[data-show-password]", async (button) => (await import("./behaviours/show-password.js")).showPassword(button))
each("[data-single-keys]", async (box) => (await import("./behaviours/single-keys.js")).singleKeys(box))
each("[data-upload]", async (form) => (await import("./behaviours/upload-form.js")).uploadForm(form, { load, take }))
each("[data-toast]", async (toast) => (await import("./behaviours/toast.js")).toast(toast))
each(".subnav [aria-current]", async (link) => (await import("./behaviours/in-sight.js")).inSight(link))
each("main.viewer", async () => (await import("./behaviours/tend.js")).tend())
each("[data-refresh]", (part) => {
  const { href } = location // the viewer has addresses of its own
  // The first look is seconds away, and so is what looks.
  setTimeout(async () => (await import("./behaviours/refresh.js")).refresh(part, href), 2000)
})
each("[data-arrivals]", arrivals)
each("[data-offline]", offline)
each("[data-pick]", pick)
each("template[data-uploads]", uploads)
// And each of these waits for somebody who comes near.
near("[data-live], [data-live-play]", async () => (await import("./behaviours/live.js")).live(), "[data-live-play]")
each("[data-sheet]", (link) => (link.ariaHasPopup = "dialog"))
near("[data-sheet]", async () => (await import("./behaviours/sheet.js")).sheets(), "[data-sheet]")
near("[data-menu]", async () => (await import("./behaviours/menus.js")).menus(), "[data-theme-choice]")
tell()
