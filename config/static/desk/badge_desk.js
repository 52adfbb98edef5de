// The hand stays at the keyboard: browsers do not always heed autofocus. A card that has just been printed is saved
// as if its link had been clicked.
document.querySelector("[autofocus]")?.focus();
document.querySelector("a[data-card]")?.click();
