//! Partner services: like partner clients, they can be associated, but neither created nor deleted.

pub mod associate;
pub mod disassociate;
