//! Plans that are kept, and matrices of other libraries.

#[cfg(feature = "serde")]
#[test]
fn a_plan_that_was_kept_is_the_same_plan() {
    use wengert::Function;
    use wengert_sparse::{Layout, SparseHessian, SparseJacobian, Triangle};
    let f =
        Function::record_many(&[0.5; 12], |x| x.windows(3).map(|x| x[0] * x[1] * x[2]).collect());
    let jacobian = SparseJacobian::builder(f.jacobian_pattern()).layout(Layout::Columns);
    let jacobian = jacobian.plan().unwrap();
    let text = serde_json::to_string(&jacobian).unwrap();
    let again: SparseJacobian = serde_json::from_str(&text).unwrap();
    assert_eq!(again.structure(), jacobian.structure());
    assert_eq!(again.colorings(), jacobian.colorings());
    let builder = SparseHessian::builder(f.hessian_pattern()).triangle(Triangle::Lower);
    let hessian = builder.plan().unwrap();
    let text = serde_json::to_string(&hessian).unwrap();
    let again: SparseHessian = serde_json::from_str(&text).unwrap();
    assert_eq!((again.structure(), again.coloring()), (hessian.structure(), hessian.coloring()));
}

#[cfg(feature = "serde")]
#[test]
fn what_is_no_plan_is_refused() {
    use wengert_sparse::{SparseHessian, SparseJacobian};
    let jacobian = |pattern: &str, columns: &str, rows: &str| {
        let text = format!(
            r#"{{"pattern":{pattern},"layout":"Rows","column_colors":{columns},"row_colors":{rows}}}"#
        );
        serde_json::from_str::<SparseJacobian>(&text).map(|plan| plan.colors())
    };
    let pattern = |offsets: &str, indices: &str| {
        format!(r#"{{"rows":2,"columns":2,"offsets":{offsets},"indices":{indices}}}"#)
    };
    let none = "[4294967295,4294967295]";
    assert_eq!(jacobian(&pattern("[0,1,2]", "[0,1]"), "[0,0]", none).unwrap(), 1);
    for (offsets, indices, columns, rows) in [
        ("[0,1,3]", "[0,1]", "[0,0]", none),
        ("[0,2,1]", "[0,1]", "[0,0]", none),
        ("[1,1,2]", "[0,1]", "[0,0]", none),
        ("[0,2]", "[0,1]", "[0,0]", none),
        ("[0,1,2]", "[0,2]", "[0,0]", none),
        ("[0,1,2]", "[0,1]", "[0]", none),
        ("[0,1,2]", "[0,1]", "[0,900000]", none),
        ("[0,1,2]", "[0,1]", none, none),
        ("[0,2,2]", "[0,1]", "[0,0]", none),
    ] {
        assert!(
            jacobian(&pattern(offsets, indices), columns, rows).is_err(),
            "{offsets} {indices}"
        );
    }
    // A few bytes may not take memory for four thousand million columns.
    let huge = r#"{"rows":0,"columns":4000000000,"offsets":[0],"indices":[]}"#;
    assert!(jacobian(huge, "[]", "[]").is_err());
    let text = format!(
        r#"{{"pattern":{},"layout":"Rows","triangle":"Both","colors":[0,0]}}"#,
        pattern("[0,1,1]", "[1]")
    );
    let error = serde_json::from_str::<SparseHessian>(&text).unwrap_err();
    assert!(error.to_string().contains("give both triangles"), "{error}");
}

/// A function with a Jacobian of three entries, its plan by rows and by columns, and the values.
#[cfg(all(feature = "sprs", feature = "nalgebra-sparse", feature = "faer"))]
#[test]
fn matrices_of_other_libraries_have_the_entries() {
    use wengert::Function;
    use wengert_sparse::{Layout, SparseJacobian};
    let f = Function::record_many(&[1.0; 3], |x| vec![x[0] * x[2], x[1].powi(2)]);
    for layout in [Layout::Rows, Layout::Columns] {
        let plan = SparseJacobian::builder(f.jacobian_pattern()).layout(layout).plan().unwrap();
        let mut values = vec![0.0; 3];
        plan.evaluate(&f, &mut plan.workspace(&f), &[2.0, 3.0, 5.0], &mut values).unwrap();
        let structure = plan.structure();
        let (sprs, faer) = (structure.to_sprs(values.clone()), structure.to_faer(values.clone()));
        let csr = structure.to_nalgebra_csr(values.clone());
        let csc = structure.to_nalgebra_csc(values);
        for (row, column, value) in [(0, 0, 5.0), (0, 2, 2.0), (1, 1, 6.0)] {
            assert_eq!(sprs.get(row, column), Some(&value));
            assert_eq!(faer.get(row, column), Some(&value));
            assert_eq!(csr.get_entry(row, column).unwrap().into_value(), value);
            assert_eq!(csc.get_entry(row, column).unwrap().into_value(), value);
        }
        assert_eq!((sprs.nnz(), csr.nnz(), csc.nnz(), faer.compute_nnz()), (3, 3, 3, 3));
    }
}
