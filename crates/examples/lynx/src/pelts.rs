//! What was counted: pelts that the Hudson's Bay Company took in, in thousands.
//!
//! Odum, *Fundamentals of Ecology* (1953), after Elton & Nicholson, "The ten-year cycle in numbers
//! of the lynx in Canada", Journal of Animal Ecology 11 (1942); as tabled by Howard,
//! "Modeling a Hudson Bay population" (2009).

/// The first year.
pub(crate) const FIRST: u32 = 1900;

/// Hares and lynxes, year by year.
pub(crate) const PELTS: [[f64; 2]; 21] = [
    [30.0, 4.0],
    [47.2, 6.1],
    [70.2, 9.8],
    [77.4, 35.2],
    [36.3, 59.4],
    [20.6, 41.7],
    [18.1, 19.0],
    [21.4, 13.0],
    [22.0, 8.3],
    [25.4, 9.1],
    [27.1, 7.4],
    [40.3, 8.0],
    [57.0, 12.3],
    [76.6, 19.5],
    [52.3, 45.7],
    [19.5, 51.1],
    [11.2, 29.7],
    [7.6, 15.8],
    [14.6, 9.7],
    [16.2, 10.1],
    [24.7, 8.6],
];
