// The pages before sign-in: as little as they need.
import { showPassword } from "./behaviours/show-password.js"
import { toast } from "./behaviours/toast.js"
import { each, tell } from "./each.js"

each("[data-passkey]", async (button) => (await import("./behaviours/enter.js")).enter(button))
each("[data-show-password]", showPassword)
each("[data-toast]", toast)
tell()
