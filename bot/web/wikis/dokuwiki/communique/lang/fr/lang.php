<?php

$lang['title'] = 'Interroger les communiqués';
$lang['no_server'] = 'Pas de conversation : le réglage plugin»communique»server ne contient pas d’adresse.';
