"""Writes the files in Numpy/ with NumPy itself (1.24): python3 numpy_files.py Numpy"""
import sys
import numpy as np

folder = sys.argv[1] + "/"
a = np.array([[1.5, -0.0, np.inf], [np.nan, 5e-324, 1 / 3]])
np.save(folder + "f8.npy", a)
np.save(folder + "f4.npy", np.arange(6, dtype="<f4").reshape(1, 2, 3) / 7)
np.save(folder + "i4.npy", np.array([-2147483648, 0, 2147483647], dtype="<i4"))
np.save(folder + "i8.npy", np.array([[-9223372036854775808], [9223372036854775807]], dtype="<i8"))
np.save(folder + "scalar.npy", np.array(2.5))
np.save(folder + "empty.npy", np.zeros((0, 3)))
np.save(folder + "fortran.npy", np.asfortranarray(np.arange(24.0).reshape(2, 3, 4)))
np.save(folder + "big_endian_f8.npy", a.astype(">f8"))
np.save(folder + "big_endian_i4.npy", np.array([1, -2, 3], dtype=">i4"))
np.save(folder + "half.npy", np.zeros(3, dtype="<f2"))
with open(folder + "version2.npy", "wb") as file:
    np.lib.format.write_array(file, np.arange(3.0), version=(2, 0))
np.savez(folder + "stored.npz", w=a, index=np.arange(4, dtype="<i8"))
np.savez_compressed(folder + "compressed.npz", w=np.zeros((40, 50)), index=np.arange(4, dtype="<i8"))
np.save(folder + "f2.npy", np.array([1.5, -0.0, 65504, 6e-8, np.inf], dtype="<f2"))
np.save(folder + "b1.npy", np.array([[True, False], [False, True]]))
np.save(folder + "i1.npy", np.array([-128, 0, 127], dtype="i1"))
np.save(folder + "u1.npy", np.array([0, 255], dtype="u1"))
np.save(folder + "i2.npy", np.array([-32768, 32767], dtype="<i2"))
np.save(folder + "u2.npy", np.array([0, 65535], dtype="<u2"))
np.save(folder + "u4.npy", np.array([0, 4294967295], dtype="<u4"))
np.save(folder + "u8.npy", np.array([0, 18446744073709551615], dtype="<u8"))
np.save(folder + "big_endian_u2.npy", np.array([1, 258], dtype=">u2"))
records = np.array([(1, 2.5, "a]'b")], dtype=[("n", "<i4"), ("x", "<f8"), ("s", "<U4")])
np.savez(folder + "mixed.npz", x=np.arange(3.0), mask=np.array([True, False]), names=np.array(["one", "two"]), objects=np.array([None], dtype=object), records=records,
         z=np.array([1j]), when=np.array(["2020-01-01"], dtype="M8[D]"))
