# SPDX-License-Identifier: GPL-3.0-or-later
"""What `forms.bundle` binds with: the streamed PDF writer, the copier of foreign pages, our own sheets and stamps."""
