"""A photo gallery on Flask, and the reference integration of upload sets.

``factory.create_app`` makes it. It is not imported here, because some parts are programs that
need nothing of it, such as ``gallery.upload``.
"""
