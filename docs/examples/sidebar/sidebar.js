// A help desk opens /?source=adobe&customer=…; everything is set as text, whatever it holds.
const form = document.forms[0];
const state = document.getElementById("state");
const who = document.getElementById("who");
const list = document.getElementById("orders");
const link = document.getElementById("link");

function line(order) {
  const item = document.createElement("li");
  const told = [order.statusMeaning ?? order.status, order.attention].filter(Boolean).join(", ");
  const at = order.creationDate ?? order.scheduledDate;
  item.textContent = `${order.orderId}: ${told}${at ? `, ${at.slice(0, 10)}` : ""}`;
  if (order.nextAttempt) {
    item.append(`, next attempt ${order.nextAttempt.slice(0, 10)}`);
  }
  return item;
}

async function show() {
  state.textContent = "Asking …";
  list.replaceChildren();
  who.textContent = "";
  link.hidden = true;
  const asked = new URLSearchParams(new FormData(form));
  try {
    const response = await fetch(`/orders?${asked}`);
    const answer = await response.json();
    if (!response.ok) {
      state.textContent = answer.title;
      return;
    }
    const age = answer.freshness === "live" ? "" : `, ${answer.age} s old`;
    state.textContent = `${answer.items.length} of ${answer.totalCount ?? "?"} orders${age}`;
    who.textContent = answer.who;
    list.replaceChildren(...answer.items.map(line));
    link.href = answer.link;
    link.hidden = false;
  } catch {
    state.textContent = "The sidebar's server does not answer.";
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  show();
});
const given = new URLSearchParams(location.search);
if (given.get("customer")) {
  form.source.value = given.get("source") ?? "adobe";
  form.customer.value = given.get("customer");
  show();
}
