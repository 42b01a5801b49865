"""The engine in another project, under the name that applications know."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import gallery.uploads

ENGINE = Path(gallery.uploads.__file__).parent

SNIPPETS = """
import io, os, sys
from flask import Flask, abort, current_app, render_template_string, request, send_from_directory
from flask import url_for
from flask_uploads import UploadSet, configure_uploads
from flask_uploads.extensions import IMAGES

photos = UploadSet(name='photos', extensions=IMAGES)

def set_destination(app):
    return os.path.join(app.instance_path, "uploads")

media = UploadSet('media', default_dest=set_destination)

def init_app():
    app = Flask("application", instance_path=sys.argv[1])
    app.config["UPLOADED_PHOTOS_DEST"] = os.path.join(sys.argv[1], "photos")
    app.config["UPLOADS_AUTOSERVE"] = True
    configure_uploads(app, (photos, media))
    return app

app = init_app()

@app.route("/", methods=["GET", "POST"], endpoint="upload")
def upload():
    if request.method == "POST":
        return photos.save(request.files['photo'], name="someguy/photo_123.")
    return render_template_string('''
<form method=POST enctype=multipart/form-data action="{{ url_for('upload') }}">
    <input type='file' name='photo'>
</form>''')

@app.get("/<uploadset_name>/<path:filename>")
def show(uploadset_name, filename):
    uploadset_config = current_app.upload_set_config.get(uploadset_name)
    if uploadset_config is None:
        abort(404)
    return send_from_directory(uploadset_config.destination, filename)

client = app.test_client()
assert "enctype=multipart/form-data" in client.get("/").text
filename = client.post("/", data={"photo": (io.BytesIO(b"cat"), "cat.jpg")}).text
assert filename == "someguy/photo_123.jpg"
assert client.get("/photos/" + filename).data == b"cat"
assert client.get("/other/" + filename).status_code == 404
with app.test_request_context():
    url = url_for("_uploads.uploaded_file", setname="photos", filename=filename)
    assert current_app.upload_set_config['media'].destination == set_destination(app)
assert client.get(url).data == b"cat"
assert not any(name.startswith("gallery") for name in sys.modules)
"""


def test_it_works_as_flask_uploads_in_an_empty_place(tmp_path):
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ENGINE, tmp_path / "flask_uploads", ignore=ignore)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    (tmp_path / "instance").mkdir()

    ran = subprocess.run(
        [sys.executable, "-c", SNIPPETS, str(tmp_path / "instance")],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
    )

    assert (ran.returncode, ran.stderr) == (0, "")


def test_it_imports_nothing_from_above_itself():
    for path in ENGINE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                assert node.level <= 1 and not (node.module or "").startswith("gallery"), path
            if isinstance(node, ast.Import):
                assert all(not each.name.startswith("gallery") for each in node.names), path


def test_its_imports_stand_at_the_top():
    for path in ENGINE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                inner = [type(each) for each in ast.walk(node)]
                assert ast.Import not in inner and ast.ImportFrom not in inner, path
