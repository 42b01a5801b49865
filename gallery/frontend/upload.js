// The upload page: loaded there and nowhere else.
import { uploadForm } from "./behaviours/upload-form.js"
import { each } from "./each.js"

each("[data-upload]", uploadForm)
