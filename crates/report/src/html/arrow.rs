//! The end of a line in a picture: whether something goes through to what stands on the right.

use maud::{Markup, html};

#[derive(Debug, Clone, Copy)]
pub enum Arrow {
    /// An open way.
    Through,
    /// Perhaps one.
    Perhaps,
    /// One with a gate.
    Gate,
    /// Nothing goes through.
    Barred,
    /// Hardly a line.
    Faint,
}

impl Arrow {
    pub fn draw(self) -> Markup {
        let line = match self {
            Arrow::Through => "M0 8h34M28 2l7 6-7 6",
            Arrow::Perhaps => "M0 8h6M10 8h6M20 8h6M28 2l7 6-7 6",
            Arrow::Gate => "M0 8h16M18 1v14M22 1v14M24 8h10M28 2l7 6-7 6",
            Arrow::Barred => "M0 8h16M18 1v14",
            Arrow::Faint => "M0 8h4M9 8h4M18 8h4",
        };
        html! {
            svg.arrow viewBox="0 0 36 16" width="36" height="16" aria-hidden="true" {
                path fill="none" stroke="currentColor" stroke-width="2" d=(line) {}
            }
        }
    }
}
