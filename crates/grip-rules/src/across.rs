//! Rules over messages together: what a receiver can only say who knows what came before.
