//! Sharing out cents: everybody gets the whole part of theirs, and what is left goes one by one to those who lost most by that.

pub fn split(whole: i64, weights: &[i64]) -> Vec<i64> {
    let sum: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    if sum == 0 {
        return vec![0; weights.len()];
    }
    let exact = |weight: &i64| i128::from(whole) * i128::from(*weight);
    let mut shares: Vec<i64> = weights.iter().map(|weight| i64::try_from(exact(weight) / sum).unwrap()).collect();
    let mut lost: Vec<i128> = weights.iter().map(|weight| exact(weight) % sum).collect();
    for _ in 0..whole - shares.iter().sum::<i64>() {
        let most = *lost.iter().max().unwrap();
        let first = lost.iter().position(|lost| *lost == most).unwrap();
        shares[first] += 1;
        lost[first] = -1;
    }
    shares
}
