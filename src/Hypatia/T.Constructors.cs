namespace Hypatia;

// One constructor for each element type and shape that Theano names: long because the list is.
public static partial class T
{
    /// <summary>A variable of any dtype and shape; <see cref="Hypatia.Shape.Unknown"/> lengths may differ from call to call.</summary>
    public static Expr Tensor(DType dtype, Shape shape, string? name = null) => Tensor(new TensorType(dtype, shape), name);

    /// <summary>A variable of a type.</summary>
    public static Expr Tensor(TensorType type, string? name = null) => Expr.Leaf(Input.New(), type, name);

    /// <summary>A scalar of <see cref="Options.FloatX"/>.</summary>
    public static Expr Scalar(string? name = null) => Tensor(Options.Current.FloatX, default, name);

    /// <summary>One scalar of <see cref="Options.FloatX"/> for each name.</summary>
    public static Expr[] Scalars(params string[] names) => [.. names.Select(Scalar)];

    /// <summary>A vector of <see cref="Options.FloatX"/>.</summary>
    public static Expr Vector(string? name = null) => Tensor(Options.Current.FloatX, Hypatia.Shape.UnknownOf(1), name);

    /// <summary>One vector of <see cref="Options.FloatX"/> for each name.</summary>
    public static Expr[] Vectors(params string[] names) => [.. names.Select(Vector)];

    /// <summary>A matrix of <see cref="Options.FloatX"/>.</summary>
    public static Expr Matrix(string? name = null) => Tensor(Options.Current.FloatX, Hypatia.Shape.UnknownOf(2), name);

    /// <summary>One matrix of <see cref="Options.FloatX"/> for each name.</summary>
    public static Expr[] Matrices(params string[] names) => [.. names.Select(Matrix)];

    /// <summary>A matrix of one row of <see cref="Options.FloatX"/>.</summary>
    public static Expr Row(string? name = null) => Tensor(Options.Current.FloatX, [1, Hypatia.Shape.Unknown], name);

    /// <summary>One matrix of one row of <see cref="Options.FloatX"/> for each name.</summary>
    public static Expr[] Rows(params string[] names) => [.. names.Select(Row)];

    /// <summary>A matrix of one column of <see cref="Options.FloatX"/>.</summary>
    public static Expr Col(string? name = null) => Tensor(Options.Current.FloatX, [Hypatia.Shape.Unknown, 1], name);

    /// <summary>One matrix of one column of <see cref="Options.FloatX"/> for each name.</summary>
    public static Expr[] Cols(params string[] names) => [.. names.Select(Col)];

    /// <summary>A tensor of 3 axes of <see cref="Options.FloatX"/>.</summary>
    public static Expr Tensor3(string? name = null) => Tensor(Options.Current.FloatX, Hypatia.Shape.UnknownOf(3), name);

    /// <summary>One tensor of 3 axes of <see cref="Options.FloatX"/> for each name.</summary>
    public static Expr[] Tensor3s(params string[] names) => [.. names.Select(Tensor3)];

    /// <summary>A tensor of 4 axes of <see cref="Options.FloatX"/>.</summary>
    public static Expr Tensor4(string? name = null) => Tensor(Options.Current.FloatX, Hypatia.Shape.UnknownOf(4), name);

    /// <summary>One tensor of 4 axes of <see cref="Options.FloatX"/> for each name.</summary>
    public static Expr[] Tensor4s(params string[] names) => [.. names.Select(Tensor4)];

    /// <summary>A tensor of 5 axes of <see cref="Options.FloatX"/>.</summary>
    public static Expr Tensor5(string? name = null) => Tensor(Options.Current.FloatX, Hypatia.Shape.UnknownOf(5), name);

    /// <summary>One tensor of 5 axes of <see cref="Options.FloatX"/> for each name.</summary>
    public static Expr[] Tensor5s(params string[] names) => [.. names.Select(Tensor5)];

    /// <summary>A tensor of 6 axes of <see cref="Options.FloatX"/>.</summary>
    public static Expr Tensor6(string? name = null) => Tensor(Options.Current.FloatX, Hypatia.Shape.UnknownOf(6), name);

    /// <summary>One tensor of 6 axes of <see cref="Options.FloatX"/> for each name.</summary>
    public static Expr[] Tensor6s(params string[] names) => [.. names.Select(Tensor6)];

    /// <summary>A tensor of 7 axes of <see cref="Options.FloatX"/>.</summary>
    public static Expr Tensor7(string? name = null) => Tensor(Options.Current.FloatX, Hypatia.Shape.UnknownOf(7), name);

    /// <summary>One tensor of 7 axes of <see cref="Options.FloatX"/> for each name.</summary>
    public static Expr[] Tensor7s(params string[] names) => [.. names.Select(Tensor7)];

    /// <summary>A scalar of int8.</summary>
    public static Expr BScalar(string? name = null) => Tensor(DType.Int8, default, name);

    /// <summary>One scalar of int8 for each name.</summary>
    public static Expr[] BScalars(params string[] names) => [.. names.Select(BScalar)];

    /// <summary>A vector of int8.</summary>
    public static Expr BVector(string? name = null) => Tensor(DType.Int8, Hypatia.Shape.UnknownOf(1), name);

    /// <summary>One vector of int8 for each name.</summary>
    public static Expr[] BVectors(params string[] names) => [.. names.Select(BVector)];

    /// <summary>A matrix of int8.</summary>
    public static Expr BMatrix(string? name = null) => Tensor(DType.Int8, Hypatia.Shape.UnknownOf(2), name);

    /// <summary>One matrix of int8 for each name.</summary>
    public static Expr[] BMatrices(params string[] names) => [.. names.Select(BMatrix)];

    /// <summary>A matrix of one row of int8.</summary>
    public static Expr BRow(string? name = null) => Tensor(DType.Int8, [1, Hypatia.Shape.Unknown], name);

    /// <summary>One matrix of one row of int8 for each name.</summary>
    public static Expr[] BRows(params string[] names) => [.. names.Select(BRow)];

    /// <summary>A matrix of one column of int8.</summary>
    public static Expr BCol(string? name = null) => Tensor(DType.Int8, [Hypatia.Shape.Unknown, 1], name);

    /// <summary>One matrix of one column of int8 for each name.</summary>
    public static Expr[] BCols(params string[] names) => [.. names.Select(BCol)];

    /// <summary>A tensor of 3 axes of int8.</summary>
    public static Expr BTensor3(string? name = null) => Tensor(DType.Int8, Hypatia.Shape.UnknownOf(3), name);

    /// <summary>One tensor of 3 axes of int8 for each name.</summary>
    public static Expr[] BTensor3s(params string[] names) => [.. names.Select(BTensor3)];

    /// <summary>A tensor of 4 axes of int8.</summary>
    public static Expr BTensor4(string? name = null) => Tensor(DType.Int8, Hypatia.Shape.UnknownOf(4), name);

    /// <summary>One tensor of 4 axes of int8 for each name.</summary>
    public static Expr[] BTensor4s(params string[] names) => [.. names.Select(BTensor4)];

    /// <summary>A tensor of 5 axes of int8.</summary>
    public static Expr BTensor5(string? name = null) => Tensor(DType.Int8, Hypatia.Shape.UnknownOf(5), name);

    /// <summary>One tensor of 5 axes of int8 for each name.</summary>
    public static Expr[] BTensor5s(params string[] names) => [.. names.Select(BTensor5)];

    /// <summary>A tensor of 6 axes of int8.</summary>
    public static Expr BTensor6(string? name = null) => Tensor(DType.Int8, Hypatia.Shape.UnknownOf(6), name);

    /// <summary>One tensor of 6 axes of int8 for each name.</summary>
    public static Expr[] BTensor6s(params string[] names) => [.. names.Select(BTensor6)];

    /// <summary>A tensor of 7 axes of int8.</summary>
    public static Expr BTensor7(string? name = null) => Tensor(DType.Int8, Hypatia.Shape.UnknownOf(7), name);

    /// <summary>One tensor of 7 axes of int8 for each name.</summary>
    public static Expr[] BTensor7s(params string[] names) => [.. names.Select(BTensor7)];

    /// <summary>A scalar of int16.</summary>
    public static Expr WScalar(string? name = null) => Tensor(DType.Int16, default, name);

    /// <summary>One scalar of int16 for each name.</summary>
    public static Expr[] WScalars(params string[] names) => [.. names.Select(WScalar)];

    /// <summary>A vector of int16.</summary>
    public static Expr WVector(string? name = null) => Tensor(DType.Int16, Hypatia.Shape.UnknownOf(1), name);

    /// <summary>One vector of int16 for each name.</summary>
    public static Expr[] WVectors(params string[] names) => [.. names.Select(WVector)];

    /// <summary>A matrix of int16.</summary>
    public static Expr WMatrix(string? name = null) => Tensor(DType.Int16, Hypatia.Shape.UnknownOf(2), name);

    /// <summary>One matrix of int16 for each name.</summary>
    public static Expr[] WMatrices(params string[] names) => [.. names.Select(WMatrix)];

    /// <summary>A matrix of one row of int16.</summary>
    public static Expr WRow(string? name = null) => Tensor(DType.Int16, [1, Hypatia.Shape.Unknown], name);

    /// <summary>One matrix of one row of int16 for each name.</summary>
    public static Expr[] WRows(params string[] names) => [.. names.Select(WRow)];

    /// <summary>A matrix of one column of int16.</summary>
    public static Expr WCol(string? name = null) => Tensor(DType.Int16, [Hypatia.Shape.Unknown, 1], name);

    /// <summary>One matrix of one column of int16 for each name.</summary>
    public static Expr[] WCols(params string[] names) => [.. names.Select(WCol)];

    /// <summary>A tensor of 3 axes of int16.</summary>
    public static Expr WTensor3(string? name = null) => Tensor(DType.Int16, Hypatia.Shape.UnknownOf(3), name);

    /// <summary>One tensor of 3 axes of int16 for each name.</summary>
    public static Expr[] WTensor3s(params string[] names) => [.. names.Select(WTensor3)];

    /// <summary>A tensor of 4 axes of int16.</summary>
    public static Expr WTensor4(string? name = null) => Tensor(DType.Int16, Hypatia.Shape.UnknownOf(4), name);

    /// <summary>One tensor of 4 axes of int16 for each name.</summary>
    public static Expr[] WTensor4s(params string[] names) => [.. names.Select(WTensor4)];

    /// <summary>A tensor of 5 axes of int16.</summary>
    public static Expr WTensor5(string? name = null) => Tensor(DType.Int16, Hypatia.Shape.UnknownOf(5), name);

    /// <summary>One tensor of 5 axes of int16 for each name.</summary>
    public static Expr[] WTensor5s(params string[] names) => [.. names.Select(WTensor5)];

    /// <summary>A tensor of 6 axes of int16.</summary>
    public static Expr WTensor6(string? name = null) => Tensor(DType.Int16, Hypatia.Shape.UnknownOf(6), name);

    /// <summary>One tensor of 6 axes of int16 for each name.</summary>
    public static Expr[] WTensor6s(params string[] names) => [.. names.Select(WTensor6)];

    /// <summary>A tensor of 7 axes of int16.</summary>
    public static Expr WTensor7(string? name = null) => Tensor(DType.Int16, Hypatia.Shape.UnknownOf(7), name);

    /// <summary>One tensor of 7 axes of int16 for each name.</summary>
    public static Expr[] WTensor7s(params string[] names) => [.. names.Select(WTensor7)];

    /// <summary>A scalar of int32.</summary>
    public static Expr IScalar(string? name = null) => Tensor(DType.Int32, default, name);

    /// <summary>One scalar of int32 for each name.</summary>
    public static Expr[] IScalars(params string[] names) => [.. names.Select(IScalar)];

    /// <summary>A vector of int32.</summary>
    public static Expr IVector(string? name = null) => Tensor(DType.Int32, Hypatia.Shape.UnknownOf(1), name);

    /// <summary>One vector of int32 for each name.</summary>
    public static Expr[] IVectors(params string[] names) => [.. names.Select(IVector)];

    /// <summary>A matrix of int32.</summary>
    public static Expr IMatrix(string? name = null) => Tensor(DType.Int32, Hypatia.Shape.UnknownOf(2), name);

    /// <summary>One matrix of int32 for each name.</summary>
    public static Expr[] IMatrices(params string[] names) => [.. names.Select(IMatrix)];

    /// <summary>A matrix of one row of int32.</summary>
    public static Expr IRow(string? name = null) => Tensor(DType.Int32, [1, Hypatia.Shape.Unknown], name);

    /// <summary>One matrix of one row of int32 for each name.</summary>
    public static Expr[] IRows(params string[] names) => [.. names.Select(IRow)];

    /// <summary>A matrix of one column of int32.</summary>
    public static Expr ICol(string? name = null) => Tensor(DType.Int32, [Hypatia.Shape.Unknown, 1], name);

    /// <summary>One matrix of one column of int32 for each name.</summary>
    public static Expr[] ICols(params string[] names) => [.. names.Select(ICol)];

    /// <summary>A tensor of 3 axes of int32.</summary>
    public static Expr ITensor3(string? name = null) => Tensor(DType.Int32, Hypatia.Shape.UnknownOf(3), name);

    /// <summary>One tensor of 3 axes of int32 for each name.</summary>
    public static Expr[] ITensor3s(params string[] names) => [.. names.Select(ITensor3)];

    /// <summary>A tensor of 4 axes of int32.</summary>
    public static Expr ITensor4(string? name = null) => Tensor(DType.Int32, Hypatia.Shape.UnknownOf(4), name);

    /// <summary>One tensor of 4 axes of int32 for each name.</summary>
    public static Expr[] ITensor4s(params string[] names) => [.. names.Select(ITensor4)];

    /// <summary>A tensor of 5 axes of int32.</summary>
    public static Expr ITensor5(string? name = null) => Tensor(DType.Int32, Hypatia.Shape.UnknownOf(5), name);

    /// <summary>One tensor of 5 axes of int32 for each name.</summary>
    public static Expr[] ITensor5s(params string[] names) => [.. names.Select(ITensor5)];

    /// <summary>A tensor of 6 axes of int32.</summary>
    public static Expr ITensor6(string? name = null) => Tensor(DType.Int32, Hypatia.Shape.UnknownOf(6), name);

    /// <summary>One tensor of 6 axes of int32 for each name.</summary>
    public static Expr[] ITensor6s(params string[] names) => [.. names.Select(ITensor6)];

    /// <summary>A tensor of 7 axes of int32.</summary>
    public static Expr ITensor7(string? name = null) => Tensor(DType.Int32, Hypatia.Shape.UnknownOf(7), name);

    /// <summary>One tensor of 7 axes of int32 for each name.</summary>
    public static Expr[] ITensor7s(params string[] names) => [.. names.Select(ITensor7)];

    /// <summary>A scalar of int64.</summary>
    public static Expr LScalar(string? name = null) => Tensor(DType.Int64, default, name);

    /// <summary>One scalar of int64 for each name.</summary>
    public static Expr[] LScalars(params string[] names) => [.. names.Select(LScalar)];

    /// <summary>A vector of int64.</summary>
    public static Expr LVector(string? name = null) => Tensor(DType.Int64, Hypatia.Shape.UnknownOf(1), name);

    /// <summary>One vector of int64 for each name.</summary>
    public static Expr[] LVectors(params string[] names) => [.. names.Select(LVector)];

    /// <summary>A matrix of int64.</summary>
    public static Expr LMatrix(string? name = null) => Tensor(DType.Int64, Hypatia.Shape.UnknownOf(2), name);

    /// <summary>One matrix of int64 for each name.</summary>
    public static Expr[] LMatrices(params string[] names) => [.. names.Select(LMatrix)];

    /// <summary>A matrix of one row of int64.</summary>
    public static Expr LRow(string? name = null) => Tensor(DType.Int64, [1, Hypatia.Shape.Unknown], name);

    /// <summary>One matrix of one row of int64 for each name.</summary>
    public static Expr[] LRows(params string[] names) => [.. names.Select(LRow)];

    /// <summary>A matrix of one column of int64.</summary>
    public static Expr LCol(string? name = null) => Tensor(DType.Int64, [Hypatia.Shape.Unknown, 1], name);

    /// <summary>One matrix of one column of int64 for each name.</summary>
    public static Expr[] LCols(params string[] names) => [.. names.Select(LCol)];

    /// <summary>A tensor of 3 axes of int64.</summary>
    public static Expr LTensor3(string? name = null) => Tensor(DType.Int64, Hypatia.Shape.UnknownOf(3), name);

    /// <summary>One tensor of 3 axes of int64 for each name.</summary>
    public static Expr[] LTensor3s(params string[] names) => [.. names.Select(LTensor3)];

    /// <summary>A tensor of 4 axes of int64.</summary>
    public static Expr LTensor4(string? name = null) => Tensor(DType.Int64, Hypatia.Shape.UnknownOf(4), name);

    /// <summary>One tensor of 4 axes of int64 for each name.</summary>
    public static Expr[] LTensor4s(params string[] names) => [.. names.Select(LTensor4)];

    /// <summary>A tensor of 5 axes of int64.</summary>
    public static Expr LTensor5(string? name = null) => Tensor(DType.Int64, Hypatia.Shape.UnknownOf(5), name);

    /// <summary>One tensor of 5 axes of int64 for each name.</summary>
    public static Expr[] LTensor5s(params string[] names) => [.. names.Select(LTensor5)];

    /// <summary>A tensor of 6 axes of int64.</summary>
    public static Expr LTensor6(string? name = null) => Tensor(DType.Int64, Hypatia.Shape.UnknownOf(6), name);

    /// <summary>One tensor of 6 axes of int64 for each name.</summary>
    public static Expr[] LTensor6s(params string[] names) => [.. names.Select(LTensor6)];

    /// <summary>A tensor of 7 axes of int64.</summary>
    public static Expr LTensor7(string? name = null) => Tensor(DType.Int64, Hypatia.Shape.UnknownOf(7), name);

    /// <summary>One tensor of 7 axes of int64 for each name.</summary>
    public static Expr[] LTensor7s(params string[] names) => [.. names.Select(LTensor7)];

    /// <summary>A scalar of float32.</summary>
    public static Expr FScalar(string? name = null) => Tensor(DType.Float32, default, name);

    /// <summary>One scalar of float32 for each name.</summary>
    public static Expr[] FScalars(params string[] names) => [.. names.Select(FScalar)];

    /// <summary>A vector of float32.</summary>
    public static Expr FVector(string? name = null) => Tensor(DType.Float32, Hypatia.Shape.UnknownOf(1), name);

    /// <summary>One vector of float32 for each name.</summary>
    public static Expr[] FVectors(params string[] names) => [.. names.Select(FVector)];

    /// <summary>A matrix of float32.</summary>
    public static Expr FMatrix(string? name = null) => Tensor(DType.Float32, Hypatia.Shape.UnknownOf(2), name);

    /// <summary>One matrix of float32 for each name.</summary>
    public static Expr[] FMatrices(params string[] names) => [.. names.Select(FMatrix)];

    /// <summary>A matrix of one row of float32.</summary>
    public static Expr FRow(string? name = null) => Tensor(DType.Float32, [1, Hypatia.Shape.Unknown], name);

    /// <summary>One matrix of one row of float32 for each name.</summary>
    public static Expr[] FRows(params string[] names) => [.. names.Select(FRow)];

    /// <summary>A matrix of one column of float32.</summary>
    public static Expr FCol(string? name = null) => Tensor(DType.Float32, [Hypatia.Shape.Unknown, 1], name);

    /// <summary>One matrix of one column of float32 for each name.</summary>
    public static Expr[] FCols(params string[] names) => [.. names.Select(FCol)];

    /// <summary>A tensor of 3 axes of float32.</summary>
    public static Expr FTensor3(string? name = null) => Tensor(DType.Float32, Hypatia.Shape.UnknownOf(3), name);

    /// <summary>One tensor of 3 axes of float32 for each name.</summary>
    public static Expr[] FTensor3s(params string[] names) => [.. names.Select(FTensor3)];

    /// <summary>A tensor of 4 axes of float32.</summary>
    public static Expr FTensor4(string? name = null) => Tensor(DType.Float32, Hypatia.Shape.UnknownOf(4), name);

    /// <summary>One tensor of 4 axes of float32 for each name.</summary>
    public static Expr[] FTensor4s(params string[] names) => [.. names.Select(FTensor4)];

    /// <summary>A tensor of 5 axes of float32.</summary>
    public static Expr FTensor5(string? name = null) => Tensor(DType.Float32, Hypatia.Shape.UnknownOf(5), name);

    /// <summary>One tensor of 5 axes of float32 for each name.</summary>
    public static Expr[] FTensor5s(params string[] names) => [.. names.Select(FTensor5)];

    /// <summary>A tensor of 6 axes of float32.</summary>
    public static Expr FTensor6(string? name = null) => Tensor(DType.Float32, Hypatia.Shape.UnknownOf(6), name);

    /// <summary>One tensor of 6 axes of float32 for each name.</summary>
    public static Expr[] FTensor6s(params string[] names) => [.. names.Select(FTensor6)];

    /// <summary>A tensor of 7 axes of float32.</summary>
    public static Expr FTensor7(string? name = null) => Tensor(DType.Float32, Hypatia.Shape.UnknownOf(7), name);

    /// <summary>One tensor of 7 axes of float32 for each name.</summary>
    public static Expr[] FTensor7s(params string[] names) => [.. names.Select(FTensor7)];

    /// <summary>A scalar of float64.</summary>
    public static Expr DScalar(string? name = null) => Tensor(DType.Float64, default, name);

    /// <summary>One scalar of float64 for each name.</summary>
    public static Expr[] DScalars(params string[] names) => [.. names.Select(DScalar)];

    /// <summary>A vector of float64.</summary>
    public static Expr DVector(string? name = null) => Tensor(DType.Float64, Hypatia.Shape.UnknownOf(1), name);

    /// <summary>One vector of float64 for each name.</summary>
    public static Expr[] DVectors(params string[] names) => [.. names.Select(DVector)];

    /// <summary>A matrix of float64.</summary>
    public static Expr DMatrix(string? name = null) => Tensor(DType.Float64, Hypatia.Shape.UnknownOf(2), name);

    /// <summary>One matrix of float64 for each name.</summary>
    public static Expr[] DMatrices(params string[] names) => [.. names.Select(DMatrix)];

    /// <summary>A matrix of one row of float64.</summary>
    public static Expr DRow(string? name = null) => Tensor(DType.Float64, [1, Hypatia.Shape.Unknown], name);

    /// <summary>One matrix of one row of float64 for each name.</summary>
    public static Expr[] DRows(params string[] names) => [.. names.Select(DRow)];

    /// <summary>A matrix of one column of float64.</summary>
    public static Expr DCol(string? name = null) => Tensor(DType.Float64, [Hypatia.Shape.Unknown, 1], name);

    /// <summary>One matrix of one column of float64 for each name.</summary>
    public static Expr[] DCols(params string[] names) => [.. names.Select(DCol)];

    /// <summary>A tensor of 3 axes of float64.</summary>
    public static Expr DTensor3(string? name = null) => Tensor(DType.Float64, Hypatia.Shape.UnknownOf(3), name);

    /// <summary>One tensor of 3 axes of float64 for each name.</summary>
    public static Expr[] DTensor3s(params string[] names) => [.. names.Select(DTensor3)];

    /// <summary>A tensor of 4 axes of float64.</summary>
    public static Expr DTensor4(string? name = null) => Tensor(DType.Float64, Hypatia.Shape.UnknownOf(4), name);

    /// <summary>One tensor of 4 axes of float64 for each name.</summary>
    public static Expr[] DTensor4s(params string[] names) => [.. names.Select(DTensor4)];

    /// <summary>A tensor of 5 axes of float64.</summary>
    public static Expr DTensor5(string? name = null) => Tensor(DType.Float64, Hypatia.Shape.UnknownOf(5), name);

    /// <summary>One tensor of 5 axes of float64 for each name.</summary>
    public static Expr[] DTensor5s(params string[] names) => [.. names.Select(DTensor5)];

    /// <summary>A tensor of 6 axes of float64.</summary>
    public static Expr DTensor6(string? name = null) => Tensor(DType.Float64, Hypatia.Shape.UnknownOf(6), name);

    /// <summary>One tensor of 6 axes of float64 for each name.</summary>
    public static Expr[] DTensor6s(params string[] names) => [.. names.Select(DTensor6)];

    /// <summary>A tensor of 7 axes of float64.</summary>
    public static Expr DTensor7(string? name = null) => Tensor(DType.Float64, Hypatia.Shape.UnknownOf(7), name);

    /// <summary>One tensor of 7 axes of float64 for each name.</summary>
    public static Expr[] DTensor7s(params string[] names) => [.. names.Select(DTensor7)];
}
