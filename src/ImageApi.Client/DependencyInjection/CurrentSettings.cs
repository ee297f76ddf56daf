using ImageApi.Client.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace ImageApi.Client.DependencyInjection;

/// <summary>
/// The last settings without faults of one client, which changes while the application runs. Not IOptionsMonitor, which has no settings
/// at all when the new ones have faults, and throws into whoever reloaded the configuration.
/// </summary>
internal sealed class CurrentSettings : IDisposable
{
    private readonly IOptionsFactory<ImageApiClientOptions> _factory;
    private readonly ILogger _logger;
    private readonly object _gate = new();
    private readonly List<IDisposable> _subscriptions = [];
    private Action<ImageApiClientOptions>? _follower;

    public CurrentSettings(
        string name, IOptionsFactory<ImageApiClientOptions> factory, IEnumerable<IOptionsChangeTokenSource<ImageApiClientOptions>> sources, ILoggerFactory? logs)
    {
        Name = name;
        _factory = factory;
        _logger = new SafeLogger((logs ?? NullLoggerFactory.Instance).CreateLogger("ImageApi.Client"));
        Value = factory.Create(name);
        foreach (var source in sources.Where(source => (source.Name ?? Options.DefaultName) == name))
        {
            _subscriptions.Add(ChangeToken.OnChange(source.GetChangeToken, Reload));
        }
    }

    /// <summary>Gets the name of the options.</summary>
    public string Name { get; }

    public ImageApiClientOptions Value { get; private set; }

    /// <summary>Hands over every change that has no faults, one after the other.</summary>
    public void Follow(Action<ImageApiClientOptions> apply) => _follower = apply;

    public void Dispose() => _subscriptions.ForEach(static subscription => subscription.Dispose());

    private void Reload()
    {
        lock (_gate)
        {
            try
            {
                Value = _factory.Create(Name);
            }
            catch (OptionsValidationException e)
            {
                _logger.SettingsRefused(string.Join(" ", e.Failures));
                return;
            }
            catch (InvalidOperationException)
            {
                _logger.SettingsRefused("a value has not the form of its setting"); // which one the message would show
                return;
            }

            _follower?.Invoke(Value);
            _logger.SettingsChanged();
        }
    }
}
