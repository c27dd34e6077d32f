using System;
using System.Threading.Tasks;
using CallFlow;
using TCX.Configuration;
using TCX.PBXAPI;

namespace dummy
{
    /// <summary>
    /// Keeps callers in the support queue and tells them so. After two minutes everybody's phone rings, and a caller who
    /// is still waiting then is offered a call back by app 810.
    /// </summary>
    public class Overflow : ScriptBase<Overflow>
    {
        private const string CallbackApp = "810";

        /// <summary>Where the call waits, for how long, and what the caller hears before.</summary>
        private static readonly (string Number, TimeSpan Patience, string Prompt)[] Stages =
        {
            ("${var:SUPPORT_QUEUE}", TimeSpan.FromMinutes(2), "PLSHOLD"),
            ("${var:OVERFLOW_GROUP}", TimeSpan.FromSeconds(45), "PLSHOLD"),
            (CallbackApp, TimeSpan.FromSeconds(30), "BUSY"),
        };

        public override async void Start()
        {
            var isConnected = false;
            try
            {
                await MyCall.AssureMedia();
                foreach (var (number, patience, prompt) in Stages)
                {
                    if (isConnected || ExecutionMode != ScriptExecutionMode.Active) break;
                    await MyCall.PlayPrompt(null, new[] { prompt }, PlayPromptOptions.Blocked);
                    isConnected = await TryRouteAsync(number, patience);
                }
            }
            catch (Exception error)
            {
                MyCall.Exception(error);
            }
            finally
            {
                MyCall.Return(isConnected);
            }
        }

        private async Task<bool> TryRouteAsync(string number, TimeSpan patience)
        {
            try
            {
                var pbx = MyCall.PS as PhoneSystem;
                await MyCall.RouteToAsync(new RouteRequest
                {
                    RouteTarget = new DestinationStruct(pbx.GetDNByNumber(number)),
                    TimeOut = patience,
                });
                return true;
            }
            catch (Exception error)
            {
                MyCall.Info($"{MyCall.Caller?.CallerID} waited at {number} for {patience}: {error.Message}");
                return false;
            }
        }
    }
}
