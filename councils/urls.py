"""Routes of the councils room."""

app_name = "councils"
urlpatterns: list[object] = []
