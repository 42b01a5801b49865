// Every page works as plain HTML; each of these makes one part of it immediate.
import { arrivals } from "./behaviours/arrivals.js"
import { fadeIn } from "./behaviours/fade-in.js"
import { inSight } from "./behaviours/in-sight.js"
import { keys } from "./behaviours/keys.js"
import { live } from "./behaviours/live.js"
import { menu } from "./behaviours/menu.js"
import { offline } from "./behaviours/offline.js"
import { player } from "./behaviours/player.js"
import { refresh } from "./behaviours/refresh.js"
import { theme } from "./behaviours/theme.js"
import { toast } from "./behaviours/toast.js"
import { uploadForm } from "./behaviours/upload-form.js"
import { uploads } from "./behaviours/uploads.js"
import { viewer } from "./behaviours/viewer.js"
import { each } from "./each.js"

fadeIn()
keys()
live()
player()
viewer()
// Each of these is on few pages, or waits for the rest of the list: the first view does without.
each("[data-arrange]", async (form) => (await import("./behaviours/arrange.js")).arrange(form))
each("[data-copy]", async (button) => (await import("./behaviours/copy.js")).copy(button))
each("[data-give]", async (form) => (await import("./behaviours/give.js")).give(form))
each("[data-grid]", async (root) => (await import("./behaviours/grid.js")).grid(root))
each("[data-passkey]", async (button) => (await import("./behaviours/passkey.js")).passkey(button))
each("[data-pick]", async (form) => (await import("./behaviours/pick.js")).pick(form))
each("[data-sheet]", async (link) => (await import("./behaviours/sheet.js")).sheet(link))
each("[data-show-password]", async (button) => (await import("./behaviours/show-password.js")).showPassword(button))
each("main.viewer", async () => (await import("./behaviours/tend.js")).tend())
each("[data-arrivals]", arrivals)
each(".subnav [aria-current]", inSight)
each("[data-menu]", menu)
each("[data-offline]", offline)
each("[data-refresh]", refresh)
each("[data-theme-choice]", theme)
each("[data-toast]", toast)
each("template[data-uploads]", uploads)
each("[data-upload]", uploadForm)
