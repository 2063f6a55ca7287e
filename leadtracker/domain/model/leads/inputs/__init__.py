"""Inputs: what senders and files give under any name, divided into the fields of a lead and answers."""
