// What is on paper next: the browser's own way to print. Without a script it is in the browser's menu.
document.querySelectorAll('[data-print]').forEach((button) => button.addEventListener('click', () => window.print()));
