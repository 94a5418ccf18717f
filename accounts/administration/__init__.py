"""The administration pages of the room: each opens to one kind of administrator, and only to rows of their region."""
