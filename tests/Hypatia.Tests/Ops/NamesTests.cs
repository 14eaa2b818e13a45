using Hypatia.Tests.Testing;

namespace Hypatia.Tests.Ops;

/// <summary>A Theano program ports line by line: its names are here, in PascalCase.</summary>
public sealed class NamesTests
{
    private const string Functions =
        "constant as_tensor_variable shared zeros ones zeros_like ones_like fill second alloc eye identity_like arange mgrid "
        + "ogrid tri tril triu diag to_one_hot stack stacklists bartlett choose "
        + "abs_ add and_ angle arccos arccosh arcsin arcsinh arctan arctan2 arctanh cast ceil clip conj cos cosh deg2rad eq exp "
        + "exp2 expm1 floor int_div ge gt imag inv invert isnan isinf isclose allclose le log log10 log1p log2 lt maximum "
        + "minimum mod mul neg neq or_ pow rad2deg real round sgn sin sinh sqr sqrt square sub switch where tan tanh true_div "
        + "trunc xor largest smallest divmod "
        + "sum prod mean var std max min argmax argmin max_and_argmax any all ptp "
        + "addbroadcast unbroadcast patternbroadcast shape_padleft shape_padright shape_padaxis reshape flatten ravel "
        + "specify_shape shape join concatenate split roll tile horizontal_stack vertical_stack swapaxes transpose squeeze "
        + "repeat permute_row_elements inverse_permutation diff compress "
        + "set_subtensor inc_subtensor take diagonal fill_diagonal fill_diagonal_offset extract_diag trace "
        + "dot outer tensordot batched_dot bincount searchsorted unravel_index ravel_multi_index "
        + "grad lop rop jacobian hessian verify_grad numeric_grad disconnected_grad zero_grad consider_constant grad_clip grad_scale";

    private const string Methods =
        "T shape size dtype astype reshape flatten ravel dimshuffle transpose swapaxes squeeze repeat take copy fill dot sum "
        + "prod mean var std min max argmin argmax any all ptp norm trace diagonal round trunc ceil floor choose compress clip "
        + "conj real imag searchsorted eval zeros_like ones_like";

    private const string Networks =
        "softmax logsoftmax softmax_with_bias sigmoid ultra_fast_sigmoid hard_sigmoid softplus softsign relu elu selu "
        + "binary_crossentropy sigmoid_binary_crossentropy categorical_crossentropy crossentropy_categorical_1hot "
        + "crossentropy_softmax_1hot crossentropy_softmax_1hot_with_bias crossentropy_softmax_argmax_1hot_with_bias";

    [Fact]
    public void Functions_have_Theanos_names() =>
        Assert.All(Functions.Split(' '), name => Assert.NotNull(Call.Static(typeof(T), name)));

    [Fact]
    public void Methods_have_Theanos_names() =>
        Assert.All(Methods.Split(' '), name => Assert.NotNull(Call.Instance(T.DMatrix("x"), name)));

    [Fact]
    public void Networks_have_Theanos_names() =>
        Assert.All(Networks.Split(' '), name => Assert.NotNull(Call.Static(typeof(NNet), name)));
}
