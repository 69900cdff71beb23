// A gRPC worker on libgrpc++ and the generated stubs.
//
// usage: interop work ADDRESS STUDY WORKER
//        interop read ADDRESS TRIAL...
//
// `work` asks, reports and tells until the study has finished, and prints one line of JSON a trial that it told. `read` prints
// one line of JSON a trial, as GetTrial answers it. The token comes from ASKTELL_TOKEN.
#include <google/protobuf/util/json_util.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>

#include "client.h"

using namespace asktell::v1;

namespace {

// What an evaluation takes: nobody's training is over at once.
constexpr std::chrono::milliseconds kPace{300};

void show(const Trial& trial) {
    std::string json;
    if (!google::protobuf::util::MessageToJsonString(trial, &json).ok()) throw std::runtime_error("no JSON");
    std::cout << json << std::endl;
}

double loss(const Trial& trial) {
    const auto& params = trial.params().fields();
    const double x = params.at("x").number_value() - 0.3;
    const double n = params.at("n").number_value() - 3;
    return x * x + n * n + (params.at("act").string_value() == "tanh" ? 0 : 1);
}

void work(Client& client, const std::string& study, const std::string& worker) {
    for (;;) {
        AskTrialsRequest ask;
        ask.set_study(study);
        ask.set_worker(worker);
        ask.set_request_id(new_request_id());
        ask.mutable_max_wait()->set_seconds(5);
        const AskTrialsResponse answer = client.ask(ask);
        if (answer.study_state() == STUDY_STATE_FINISHED) return;
        for (const Trial& trial : answer.trials()) {
            std::this_thread::sleep_for(kPace);
            const double value = loss(trial);
            ReportTrialRequest report;
            report.set_trial(trial.name());
            report.set_lease_token(trial.lease_token());
            report.set_step(1);
            report.add_values(value + 1);
            (*report.mutable_metrics())["seconds"] = 0.5;
            client.report(report);
            TellTrialRequest tell;
            tell.set_trial(trial.name());
            tell.set_lease_token(trial.lease_token());
            tell.add_values(value);
            tell.set_request_id(new_request_id());
            show(client.tell(tell).trial());
        }
    }
}

}  // namespace

int main(int argc, char** argv) {
    const char* token = std::getenv("ASKTELL_TOKEN");
    if (argc < 4 || token == nullptr) return 2;
    try {
        Client client(argv[2], token);
        if (std::string(argv[1]) == "work") {
            work(client, argv[3], argv[4]);
        } else {
            for (int i = 3; i < argc; ++i) {
                GetTrialRequest request;
                request.set_trial(argv[i]);
                show(client.get(request).trial());
            }
        }
    } catch (const std::exception& error) {
        std::cerr << error.what() << std::endl;
        return 1;
    }
}
