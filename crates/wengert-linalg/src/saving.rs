//! Operations whose derivatives are those of the numbers that their value saves.

/// Derivatives without such numbers: by those with them, told that there are none.
macro_rules! by_saving {
    ($operation:ty $(, $($generics:tt)*)?) => {
        impl$(<$($generics)*>)? wengert::custom::Forward for $operation {
            fn jvp(&self, x: &[f64], y: &[f64], direction: &[f64], product: &mut [f64]) {
                self.jvp_saved(x, y, &[], direction, product);
            }
        }

        impl$(<$($generics)*>)? wengert::custom::SecondOrder for $operation {
            fn hessian_vector_product(
                &self,
                x: &[f64],
                y: &[f64],
                weights: &[f64],
                direction: &[f64],
                product: &mut [f64],
            ) {
                self.hessian_vector_product_saved(x, y, &[], weights, direction, product);
            }
        }
    };
}
pub(crate) use by_saving;
