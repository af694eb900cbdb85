use std::num::NonZeroUsize;
use std::sync::Mutex;

use crate::Error;

/// Applies a function to many things on several threads, in bounded memory: things are taken from the iterator only when
/// a thread has time for them, and dropped when done. The results are in the order of the things, whatever the number of
/// threads.
///
/// # Example
/// ```
/// use std::num::NonZeroUsize;
/// use grip_reserving::{Averaging, Triangle, in_parallel, mack};
/// let triangles = (1..=100_u32).map(|size| {
///     let size = f64::from(size);
///     Triangle::from_cumulative(&[vec![10.0 * size, 15.0 * size], vec![20.0 * size]]).expect("a sound triangle")
/// });
/// let threads = NonZeroUsize::new(2).expect("two is not zero");
/// let ibnr = in_parallel(triangles, threads, |triangle| mack(&triangle, Averaging::AllOrigins).estimate.total().ibnr)?;
/// assert_eq!((ibnr.len(), ibnr[1]), (100, 20.0));
/// # Ok::<(), grip_reserving::Error>(())
/// ```
/// # Errors
/// [`Error::Panicked`] when the function or the iterator panicked.
pub fn in_parallel<T, R, I, F>(things: I, threads: NonZeroUsize, function: F) -> Result<Vec<R>, Error>
where
    I: IntoIterator<Item = T>,
    I::IntoIter: Send,
    T: Send,
    R: Send,
    F: Fn(T) -> R + Sync,
{
    /// Taken at once, so that threads do not wait for each other at every triangle.
    const TOGETHER: usize = 32;
    let source = Mutex::new((0_usize, things.into_iter()));
    let work = || {
        let mut done: Vec<(usize, Vec<R>)> = Vec::new();
        loop {
            let (number, taken) = {
                let Ok(mut source) = source.lock() else { return done };
                source.0 += 1;
                (source.0, source.1.by_ref().take(TOGETHER).collect::<Vec<T>>())
            };
            if taken.is_empty() {
                return done;
            }
            done.push((number, taken.into_iter().map(&function).collect()));
        }
    };
    let mut blocks = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads.get()).map(|_| scope.spawn(work)).collect();
        let mut blocks = work();
        for other in others {
            blocks.extend(other.join().map_err(|_| Error::Panicked)?);
        }
        Ok(blocks)
    })?;
    blocks.sort_unstable_by_key(|block| block.0);
    Ok(blocks.into_iter().flat_map(|block| block.1).collect())
}
