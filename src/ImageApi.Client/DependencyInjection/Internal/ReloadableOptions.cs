using System.Diagnostics.CodeAnalysis;
using ImageApi.Client.Diagnostics.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace ImageApi.Client.DependencyInjection.Internal;

/// <summary>
/// The last settings without faults of one client, which changes while the application runs. Not IOptionsMonitor, which has no settings
/// at all when the new ones have faults, and throws into whoever reloaded the configuration.
/// </summary>
internal sealed class ReloadableOptions : IDisposable
{
    private readonly IOptionsFactory<ImageApiClientOptions> _factory;
    private readonly ILogger _logger;
    private readonly object _lock = new();
    private readonly List<IDisposable> _subscriptions = [];
    private Action<ImageApiClientOptions>? _subscriber;
    private ImageApiClientOptions? _value;

    public ReloadableOptions(
        string name, IOptionsFactory<ImageApiClientOptions> factory, IEnumerable<IOptionsChangeTokenSource<ImageApiClientOptions>> sources, ILoggerFactory? logs)
    {
        Name = name;
        _factory = factory;
        _logger = new SafeLogger((logs ?? NullLoggerFactory.Instance).CreateLogger("ImageApi.Client"));
        foreach (var source in sources.Where(source => (source.Name ?? Options.DefaultName) == name))
        {
            _subscriptions.Add(ChangeToken.OnChange(source.GetChangeToken, Reload));
        }
    }

    /// <summary>Gets the name of the options.</summary>
    public string Name { get; }

    /// <summary>Gets the settings. They are made when first asked for: faults of one client are not to concern another.</summary>
    public ImageApiClientOptions Value
    {
        get
        {
            lock (_lock)
            {
                return _value ??= _factory.Create(Name);
            }
        }
    }

    /// <summary>Hands over every change that has no faults since the settings that are in use, one after the other.</summary>
    public void Subscribe(ImageApiClientOptions used, Action<ImageApiClientOptions> apply)
    {
        lock (_lock)
        {
            _subscriber = apply;
            if (Value != used)
            {
                apply(Value);
            }
        }
    }

    public void Dispose() => _subscriptions.ForEach(static subscription => subscription.Dispose());

    [SuppressMessage("Design", "CA1031", Justification = "Who reloaded the configuration can do nothing about a function of the application's that sets these settings.")]
    private void Reload()
    {
        lock (_lock)
        {
            if (_value is null)
            {
                return;
            }

            try
            {
                _value = _factory.Create(Name);
            }
            catch (OptionsValidationException e)
            {
                _logger.OptionsReloadIgnored(string.Join(" ", e.Failures));
                return;
            }
            catch (InvalidOperationException)
            {
                _logger.OptionsReloadIgnored("a value has not the form of its setting"); // which one the message would show
                return;
            }
            catch (Exception e)
            {
                _logger.OptionsReloadIgnored($"setting them failed with {e.GetType().Name}");
                return;
            }

            _subscriber?.Invoke(_value);
            _logger.OptionsReloaded();
        }
    }
}
