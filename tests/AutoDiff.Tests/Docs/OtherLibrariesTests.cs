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
