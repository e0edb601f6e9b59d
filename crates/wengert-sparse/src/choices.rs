//! Choices that plans of both kinds have.

/// Defines the methods by which a builder is told in which order lines are coloured, and how the
/// values lie.
macro_rules! choices {
    ($builder:ident of $plan:ident colors $lines:literal) => {
        impl $builder {
            #[doc = concat!("In which order ", $lines, " are coloured; [`Order::Natural`] if not told.")]
            ///
            /// # Example
            /// ```
            #[doc = concat!("use wengert_sparse::{Order, ", stringify!($plan), "};")]
            /// let pattern = wengert::Pattern::from_entries(1, 1, [(0, 0)])?;
            #[doc = concat!("let builder = ", stringify!($plan), "::builder(pattern);")]
            /// assert_eq!(builder.order(Order::IncidenceDegree).plan()?.colors(), 1);
            /// # Ok::<(), wengert_sparse::Error>(())
            /// ```
            #[must_use]
            pub const fn order(mut self, order: Order) -> Self {
                self.order = order;
                self
            }

            /// How the values lie; [`Layout::Rows`] if not told.
            ///
            /// # Example
            /// ```
            #[doc = concat!("use wengert_sparse::{Layout, ", stringify!($plan), "};")]
            /// let pattern = wengert::Pattern::from_entries(2, 2, [(1, 1)])?;
            #[doc = concat!("let builder = ", stringify!($plan), "::builder(pattern);")]
            /// let plan = builder.layout(Layout::Columns).plan()?;
            /// assert_eq!(plan.structure().offsets(), [0, 0, 1]);
            /// # Ok::<(), wengert_sparse::Error>(())
            /// ```
            #[must_use]
            pub const fn layout(mut self, layout: Layout) -> Self {
                self.layout = layout;
                self
            }
        }
    };
}
pub(crate) use choices;
