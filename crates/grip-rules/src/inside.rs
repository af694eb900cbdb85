//! Rules over one message: what its receiver can say who has nothing but the message.
