#include "client/cpp/sonata/hdf5_input.hpp"

#include <gtest/gtest.h>
#include <hdf5.h>

#include "tests/client/cpp/sonata/hdf5_change.hpp"
#include "tests/client/cpp/sonata/scratch_folder.hpp"

namespace volley::client::sonata {
namespace {

constexpr const char* cells = "tests/client/python/tiny_sonata/cells_nodes.h5";
constexpr const char* edges = "tests/client/python/tiny_sonata/cells_cells_edges.h5";

using integers = std::vector<std::int64_t>;
using reals = std::vector<double>;

TEST(hdf5_input, has_groups_and_columns) {
  const hdf5_input file(cells);
  EXPECT_EQ(file.members("nodes"), std::vector<std::string>{"cells"});
  EXPECT_EQ(file.members("nowhere"), std::vector<std::string>{});
  EXPECT_TRUE(file.has("nodes/cells/0"));
  EXPECT_FALSE(file.has("nodes/cells/2"));
  EXPECT_TRUE(file.is_whole("nodes/cells/node_id"));
  EXPECT_FALSE(file.is_whole("nodes/cells/1/dynamics_params/V_th"));
}

TEST(hdf5_input, reads_columns_in_parts) {
  const hdf5_input file(cells);
  EXPECT_EQ(file.integers("nodes/cells/node_id"), (integers{3, 1, 2, 0, 4, 5, 6, 7, 8, 9, 11, 10}));
  EXPECT_EQ(file.integers("nodes/cells/node_id", 9, 3), (integers{9, 11, 10}));
  EXPECT_EQ(file.integers("nodes/cells/node_id", 12, 0), integers{});
  EXPECT_EQ(file.reals("nodes/cells/1/dynamics_params/V_th", 1, 2), (reals{-57, -58}));
  EXPECT_EQ(tests::kind_of([&] { file.integers("nodes/cells/node_id", 10, 3); }), "KernelException");
  EXPECT_EQ(tests::kind_of([&] { file.integers("nodes/cells/node_id", 13, 0); }), "KernelException");
  EXPECT_EQ(tests::kind_of([&] { file.rows("nodes/cells/0"); }), "KernelException");
}

TEST(hdf5_input, tells_what_is_there_instead_of_a_column) {
  const tests::scratch_folder folder;
  const auto path = folder / "columns.h5";
  H5Fclose(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
  {
    const tests::hdf5_change change(path);
    change.put("text", {3}, H5T_C_S1);
    change.put("matrix", {3, 2});
    change.put("scalar", {});
    change.put("whole", {3});
    change.put("fraction", {3}, H5T_NATIVE_DOUBLE, 0.5);
  }
  const hdf5_input file(path);
  const auto error_at = [&](const char* name) { return tests::error_of([&] { file.integers(name); }); };
  const auto start = "KernelException: '" + path + "': /", end = std::string("; it must be a column of numbers");
  EXPECT_EQ(error_at("text"), start + "text is text of 1 dimensions" + end);
  EXPECT_EQ(error_at("matrix"), start + "matrix is numbers of 2 dimensions" + end);
  EXPECT_EQ(error_at("scalar"), start + "scalar is numbers of 0 dimensions" + end);
  EXPECT_EQ(error_at("none"), start + "none is missing" + end);
  EXPECT_EQ(error_at("/"), start + "/ is a group" + end);
  EXPECT_EQ(error_at("fraction"), start + "fraction has 0.500000, which is no whole number");
  EXPECT_EQ(file.integers("whole"), (integers{1, 0, 0}));
  EXPECT_EQ(tests::error_of([&] { file.need_group("whole"); }),
            start + "whole is numbers of 1 dimensions; it must be a group");
  EXPECT_EQ(tests::error_of([&] { file.need_group("/"); }), "");
}

TEST(hdf5_input, reads_texts_of_attributes) {
  const hdf5_input file(edges);
  EXPECT_EQ(file.attribute("edges/cells_to_cells/source_node_id", "node_population"), "cells");
  EXPECT_EQ(file.attribute("edges/cells_to_cells/source_node_id", "none"), std::nullopt);
  EXPECT_EQ(file.attribute("edges/none", "node_population"), std::nullopt);
}

TEST(hdf5_input, reads_texts_of_a_fixed_length) {
  const tests::scratch_folder folder;
  const auto path = folder / "fixed.h5";
  const auto made = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  const auto type = H5Tcopy(H5T_C_S1), space = H5Screate(H5S_SCALAR);
  H5Tset_size(type, 8);
  const auto attribute = H5Acreate2(made, "unit", type, space, H5P_DEFAULT, H5P_DEFAULT);
  H5Awrite(attribute, type, "ms\0\0\0\0\0");
  H5Aclose(attribute);
  H5Tclose(type);
  H5Sclose(space);
  H5Fclose(made);
  EXPECT_EQ(hdf5_input(path).attribute("/", "unit"), "ms");
}

TEST(hdf5_input, of_no_file_or_of_another_kind_is_refused) {
  const tests::scratch_folder folder;
  EXPECT_EQ(tests::kind_of([&] { hdf5_input(folder / "none.h5"); }), "builtins.FileNotFoundError");
  const auto text = folder.write("text.h5", "no HDF5");
  EXPECT_EQ(tests::kind_of([&] { hdf5_input{text}; }), "builtins.OSError");
}

}  // namespace
}  // namespace volley::client::sonata
