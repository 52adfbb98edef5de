// Saves the card that has just been printed, as if its link had been clicked.
document.querySelector("a[data-card]")?.click();
