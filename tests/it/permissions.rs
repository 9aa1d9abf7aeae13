//! Who may do what: the matrix as people read it, and every address by real requests.

#[test]
fn the_matrix_of_roles_and_actions() {
    insta::assert_snapshot!(platform::policy::matrix());
}
