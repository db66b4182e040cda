using System.Text.RegularExpressions;

namespace AutoDiff.Tests.Docs;

/// <summary>The pages for people who come from other libraries: their everyday calls are there, each beside a line of ours, which runs with the rest of the page.</summary>
public partial class OtherLibrariesTests
{
    [Theory]
    [InlineData("docs/from-pytorch.md", 150)]
    [InlineData("docs/from-jax.md", 60)]
    public void The_page_has_many_calls(string document, int atLeast) => Calls(document).Distinct().Count().Should().BeGreaterThanOrEqualTo(atLeast);

    [Theory]
    [InlineData("docs/from-pytorch.md", """
        torch.tensor torch.zeros torch.ones torch.full torch.eye torch.arange torch.linspace torch.zeros_like .item() .shape .tolist() .float()
        .index_select( .gather( .scatter( .scatter_add( torch.where .masked_fill( .view( .permute( .transpose( .squeeze( .unsqueeze( torch.cat torch.stack .split( .expand(
        .sum( .mean( .std( .amax( .argmax( .logsumexp( .cumsum( .sort( .topk( .clamp( torch.maximum @ torch.einsum torch.linalg.solve torch.linalg.inv torch.linalg.cholesky
        F.relu F.gelu F.softmax F.log_softmax F.mse_loss F.cross_entropy F.binary_cross_entropy_with_logits F.linear F.layer_norm F.conv2d F.max_pool2d F.dropout F.embedding
        F.scaled_dot_product_attention requires_grad .backward() .detach() torch.no_grad create_graph torch.autograd.grad register_hook checkpoint autograd.Function gradcheck detect_anomaly
        torch.func.grad torch.func.vjp torch.func.jvp torch.func.jacrev torch.func.jacfwd torch.func.hessian torch.func.vmap torch.manual_seed torch.rand( torch.randn(
        optim.SGD optim.Adam( optim.AdamW optim.LBFGS optimizer.step StepLR CosineAnnealingLR clip_grad_norm_ np.save save_file load_state_dict DataLoader
        """)]
    [InlineData("docs/from-jax.md", """
        jax.grad jax.value_and_grad jax.jacfwd jax.jacrev jax.hessian jax.jvp jax.vjp jax.linearize jax.vmap lax.stop_gradient jax.custom_vjp jax.custom_jvp jax.checkpoint lax.scan lax.while_loop
        lax.associative_scan lax.custom_root lax.custom_linear_solve odeint .at[ jnp.where jnp.einsum segment_sum jax.nn.softmax jax.random.key jax.random.split jax.random.fold_in jax.random.normal
        jax.tree.map ravel_pytree optax.adam optax.clip_by_global_norm check_grads make_jaxpr debug_nans sparsejac
        """)]
    public void The_everyday_calls_are_there(string document, string calls)
    {
        string[] all = [.. Calls(document)];
        calls.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(call => !all.Any(line => line.Contains(call, StringComparison.Ordinal))).Should().BeEmpty();
    }

    /// <summary>What people have in their programs is found by a search of the page and the list of operations, even where it is not needed here.</summary>
    [Fact]
    public void What_people_search_for_is_found()
    {
        string pages = File.ReadAllText(Path.Combine(Documents.Root, "docs/from-pytorch.md")) + File.ReadAllText(Path.Combine(Documents.Root, "docs/operations.md"));
        const string Searched = """
            torch.zeros_like torch.full_like torch.tril torch.triu torch.outer torch.bmm torch.einsum torch.roll torch.flip torch.meshgrid torch.cumprod torch.diff torch.median torch.quantile torch.multinomial
            torch.bernoulli torch.nonzero .masked_select torch.take_along_dim .unbind torch.unique .argsort .clamp .lerp .isnan .isfinite torch.any torch.allclose torch.diag torch.trace torch.linalg.norm
            torch.linalg.eigh torch.linalg.svd torch.linalg.lstsq torch.kron torch.logaddexp torch.erf torch.fmod torch.remainder torch.save load_state_dict nn.Sequential nn.Linear nn.Conv1d nn.Dropout nn.Embedding
            nn.LayerNorm nn.RMSNorm nn.BatchNorm2d nn.MultiheadAttention nn.TransformerEncoderLayer nn.LSTM nn.GRU nn.ModuleList nn.Parameter register_buffer F.softplus F.leaky_relu F.glu F.kl_div F.one_hot F.unfold
            F.pixel_shuffle F.gumbel_softmax optim.Adagrad optim.RMSprop CyclicLR CosineAnnealingWarmRestarts OneCycleLR ReduceLROnPlateau swa_utils EMA random_split Subset collate_fn num_workers torch.no_grad
            inference_mode zero_grad retain_graph functional_call register_forward_hook torch.compile torch.onnx torch.Generator set_default_dtype torch.cuda x.to(device) autocast torch.distributed checkpoint
            profiler summary named_parameters weight_decay kaiming_normal_ weight_norm spectral_norm .item() .tolist() .numpy() .repeat .chunk .index_add .double() .long() .bool() .half() .clone() .contiguous()
            .copy_ torch.bfloat16 torch.fft torch.sparse torch.logspace torch.rand_like torch.distributions log_prob rsample tensorboard requires_grad save_for_backward torch.searchsorted torch.vander torch.cov torch.cross
            torch.cdist .nan_to_num torch.cummax torch.logcumsumexp torch.count_nonzero .scatter_reduce torch.segment_reduce torch.nanmean torch.movedim torch.tensor_split torch.block_diag torch.set_num_threads
            """;
        string[] words = Searched.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        words.Should().HaveCountGreaterThan(130);
        words.Where(word => !pages.Contains(word, StringComparison.Ordinal)).Should().BeEmpty();
    }

    /// <summary>What stands after our code as the first comment, unless it is what the line prints.</summary>
    private static IEnumerable<string> Calls(string document)
    {
        bool inCode = false;
        foreach (string line in Documents.ReadLines(document))
        {
            inCode = line.StartsWith("```", StringComparison.Ordinal) ? line == "```csharp" : inCode;
            if (inCode && TheirCall().Match(line) is { Success: true } match)
            {
                yield return match.Groups["theirs"].Value;
            }
        }
    }

    [GeneratedRegex(@"^ *[^ /].*[;)] +// (?!=>)(?<theirs>.+?)( // =>.*)?$")]
    private static partial Regex TheirCall();
}
