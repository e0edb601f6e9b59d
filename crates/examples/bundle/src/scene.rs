//! Points, the cameras around them, and what these see; over any number that nalgebra takes.

use nalgebra::{Isometry3, Point3, RealField, Translation3, UnitQuaternion, Vector3, convert};
use rand::SeedableRng;
use rand::rngs::Xoshiro256PlusPlus;
use rand_distr::{Distribution, Normal, Uniform};

/// Pixels from the lens to the image.
const FOCAL: f64 = 800.0;
/// The standard deviation of what is seen, in pixels.
pub(crate) const NOISE: f64 = 0.5;
/// How far off the guess is: of turns in radians, of places in lengths.
const GUESS: f64 = 0.08;
/// The numbers of a camera: a turn as a scaled axis, and a place.
pub(crate) const POSE: usize = 6;
/// The cameras that are known: they fix where everything is, and how large.
const KNOWN: usize = 2;

/// What happened, what was seen of it, and a guess.
pub(crate) struct Scene {
    pub(crate) cameras: usize,
    /// The poses of the known cameras.
    known: Vec<f64>,
    /// The poses of the others, then the points.
    pub(crate) truth: Vec<f64>,
    pub(crate) start: Vec<f64>,
    /// Two numbers for each point, camera by camera.
    pub(crate) seen: Vec<f64>,
}

/// The pose of a camera on an arc around the points, which it looks at.
fn pose(camera: usize, cameras: usize) -> [f64; POSE] {
    let angle = 1.6 * (camera as f64 / (cameras - 1) as f64 - 0.5);
    let place = Vector3::new(4.0 * angle.sin(), 0.4 * (3.0 * angle).cos(), -4.0 * angle.cos());
    let turn = UnitQuaternion::face_towards(&-place, &Vector3::y()).inverse().scaled_axis();
    let moved = UnitQuaternion::from_scaled_axis(turn) * -place;
    [turn.x, turn.y, turn.z, moved.x, moved.y, moved.z]
}

/// The pixel at which a camera sees a point.
fn project<T: RealField + Copy>(pose: &[T], point: &[T]) -> [T; 2] {
    let turn = UnitQuaternion::from_scaled_axis(Vector3::new(pose[0], pose[1], pose[2]));
    let camera = Isometry3::from_parts(Translation3::new(pose[3], pose[4], pose[5]), turn);
    let at = camera * Point3::new(point[0], point[1], point[2]);
    let scale = convert::<f64, T>(FOCAL) / at.z;
    [at.x * scale, at.y * scale]
}

impl Scene {
    pub(crate) fn new(cameras: usize, points: usize) -> Self {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(11);
        let poses: Vec<f64> = (0..cameras).flat_map(|camera| pose(camera, cameras)).collect();
        let (known, unknown) = poses.split_at(KNOWN * POSE);
        let place = Uniform::new(-1.0, 1.0).expect("an interval");
        let points = place.sample_iter(&mut random).take(3 * points);
        let truth: Vec<f64> = unknown.iter().copied().chain(points).collect();
        let mut off = |deviation: f64, x: &f64| {
            x + Normal::new(0.0, deviation).expect("a deviation").sample(&mut random)
        };
        let start = truth.iter().map(|x| off(GUESS, x)).collect();
        let mut scene = Self { cameras, known: known.to_vec(), truth, start, seen: Vec::new() };
        scene.seen = scene.project(&scene.truth).iter().map(|x| off(NOISE, x)).collect();
        scene
    }

    /// The points among the unknowns.
    pub(crate) fn points<'x, T>(&self, x: &'x [T]) -> &'x [T] {
        &x[(self.cameras - KNOWN) * POSE..]
    }

    /// All pixels, camera by camera.
    pub(crate) fn project<T: RealField + Copy>(&self, x: &[T]) -> Vec<T> {
        let known: Vec<T> = self.known.iter().map(|&x| convert(x)).collect();
        let poses = known.chunks(POSE).chain(x.chunks(POSE)).take(self.cameras);
        let points = self.points(x);
        poses.flat_map(|pose| points.chunks(3).flat_map(|point| project(pose, point))).collect()
    }

    /// The root of the mean square of the residuals, in pixels.
    pub(crate) fn pixels_off(&self, x: &[f64]) -> f64 {
        distance(&self.project(x), &self.seen)
    }

    /// The same of the points' coordinates, in lengths.
    pub(crate) fn points_off(&self, x: &[f64]) -> f64 {
        distance(self.points(x), self.points(&self.truth))
    }
}

fn distance(x: &[f64], y: &[f64]) -> f64 {
    let squares = x.iter().zip(y).map(|(x, y)| (x - y) * (x - y));
    (squares.sum::<f64>() / x.len() as f64).sqrt()
}
