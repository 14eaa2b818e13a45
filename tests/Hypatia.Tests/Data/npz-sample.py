"""Writes npz-sample.npz: the array types that tests read from NumPy's files."""
import numpy as np

arrays = {name: np.array([[0, 1, 2], [3, 4, 100]], name) for name in
          ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f4", "f8", ">f8", ">i4"]}
arrays["bool"] = np.array([True, False, True])
arrays["columns"] = np.asfortranarray(np.arange(24.0).reshape(2, 3, 4))
arrays["scalar"] = np.array(2.5)
arrays["empty"] = np.zeros((0, 3))
arrays["limits"] = np.array([np.iinfo("i8").min, np.iinfo("i8").max])
arrays["special"] = np.array([np.nan, -np.inf, -0.0, 5e-324])
arrays["complex"] = np.array([1 + 2j])
arrays["text"] = np.array(["one", "two"])
np.savez_compressed("npz-sample.npz", **arrays)
np.save("npy-sample.npy", np.arange(5, dtype="f4"))
