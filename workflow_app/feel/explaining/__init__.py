"""Why an evaluation gave null: who watches it, who is to blame, and the words for it."""
