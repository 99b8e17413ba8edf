from django.urls import path

from portal.foundation.receipts import views

app_name = "receipts"
urlpatterns = [
    path("", views.OpenView.as_view(), name="open"),
    path("comprobante/", views.ReceiptShow.as_view(), name="show"),
    path("mis-datos/", views.OwnData.as_view(), name="own_data"),
    path("mis-datos/copia/", views.OwnCopy.as_view(), name="own_copy"),
    path("mis-datos/contacto/borrar/", views.ForgetContact.as_view(), name="forget_contact"),
    path("mis-datos/pedir/", views.AskAboutData.as_view(), name="ask"),
    path("cerrar/", views.CloseView.as_view(), name="close"),
]
